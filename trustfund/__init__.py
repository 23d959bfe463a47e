"""trustfund runs a United Nations voluntary trust fund, from the first pledge to the audit report.

This file imports nothing, so that ``trustfund.core`` and ``trustfund rank`` start without Flask.
"""
