"""Real servers for the tests, on loopback: uvicorn in front of our application, nginx, an S3 server."""
