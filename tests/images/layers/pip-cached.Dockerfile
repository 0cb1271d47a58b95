FROM python:3.11-slim
RUN pip install --upgrade pip
RUN pip install pandas==2.2.3 scikit-learn==1.6.0
RUN pip install poetry==1.8.5
