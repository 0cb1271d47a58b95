from flask import Flask, jsonify

app = Flask(__name__)


@app.get("/api/health-check")
def health():
    return jsonify(success=True)
