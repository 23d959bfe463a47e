"""What is kept: the tables, and nothing that decides."""

from trustfund.models import applications, contributions, fund, mail, people, record, selections

__all__ = ["applications", "contributions", "fund", "mail", "people", "record", "selections"]
