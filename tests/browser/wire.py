"""What a browser gets over the wire: head and body of every answer, as they are sent."""

from playwright.sync_api import Page


class Wire:
    """Counts the bytes of all answers to a page from now on, sheets, fonts and redirects with them."""

    def __init__(self, page: Page):
        self.bytes = 0
        session = page.context.new_cdp_session(page)
        session.on("Network.loadingFinished", lambda told: self._add(told["encodedDataLength"]))
        session.on("Network.requestWillBeSent", self._sent)
        session.send("Network.enable")

    def _sent(self, told: dict) -> None:  # type: ignore[type-arg]
        if "redirectResponse" in told:
            self._add(told["redirectResponse"]["encodedDataLength"])

    def _add(self, more: float) -> None:
        self.bytes += int(more)
