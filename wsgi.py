"""What a WSGI server loads: gunicorn wsgi:app"""

import os

from trustfund.app import served_app

os.umask(0o077)  # the database, the files and the mails are for their owner alone
app = served_app()
