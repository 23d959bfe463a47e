"""What is kept: the tables, and nothing that decides."""

from trustfund.models import contributions, fund, mail, people, record

__all__ = ["contributions", "fund", "mail", "people", "record"]
