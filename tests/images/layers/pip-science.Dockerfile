FROM python:3.11-slim
RUN pip install --no-cache-dir numpy==2.2.1
RUN pip install --no-cache-dir pandas==2.2.3
RUN pip install --no-cache-dir scikit-learn==1.6.0
RUN pip install --no-cache-dir matplotlib==3.10.0
