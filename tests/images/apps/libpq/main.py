import psycopg2
from flask import Flask, jsonify

app = Flask(__name__)


@app.get("/health")
def health():
    try:
        psycopg2.connect("postgresql://127.0.0.1:1/none", connect_timeout=1)
    except psycopg2.OperationalError as error:
        return jsonify(libpq=psycopg2.__libpq_version__ > 0, refused="refused" in str(error))
