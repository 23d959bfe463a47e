"""What a WSGI server loads: gunicorn wsgi:app"""

from trustfund.app import served_app

app = served_app()
