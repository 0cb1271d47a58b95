from app import app


def test_greeting():
    assert app.test_client().get("/api/greeting").json == {"hello": "sailor"}
