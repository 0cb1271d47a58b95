FROM python:3.11
RUN apt-get update && apt-get install -y gcc libpq-dev curl git
RUN apt-get update && apt-get install -y --no-install-recommends vim nano && rm -rf /var/lib/apt/lists/*
