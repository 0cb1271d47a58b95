FROM python:3.11-slim
RUN pip install flask==3.1.0
RUN pip install --no-cache-dir requests==2.32.3
RUN pip install --no-cache-dir fastapi==0.115.6 uvicorn==0.34.0
RUN pip install --no-cache-dir django==5.1.4
RUN pip install --no-cache-dir sqlalchemy==2.0.36 psycopg2-binary==2.9.10
RUN pip install --no-cache-dir boto3==1.35.90
