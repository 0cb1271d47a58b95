# debian:SUITE and debian:SUITE-slim, from the file system that suite.sh made.
FROM scratch
ARG ROOT
ADD $ROOT.tar /
CMD ["bash"]
