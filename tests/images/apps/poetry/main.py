from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
def health():
    return {"status": "ok"}


@app.get("/items/{item}")
def read(item: int, name: str = "sail"):
    return {"item": item, "name": name}
