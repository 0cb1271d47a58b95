FROM python:3.11-slim
RUN python -m venv /opt/plain
RUN python -m venv --without-pip /opt/venv
RUN pip --python /opt/venv/bin/python install --no-cache-dir flask==3.1.0 gunicorn==23.0.0
