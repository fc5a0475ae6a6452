"""Photos on their way in: tus 1.0 on a streaming ASGI process of its own."""
