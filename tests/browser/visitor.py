"""A person with a browser: what they do on the account pages, and what they notice going wrong."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response


def follow(control: Locator) -> None:
    """Click what leads to another page, and wait until that page is whole.

    A click by itself waits until the next page begins, at most, and often not even that: what is read right after it
    may be the page before, or half a page.
    """
    control.wait_for()  # while its own page is still coming, that is the navigation that would be seen
    with control.page.expect_navigation(wait_until="load"):
        control.click()


class Visitor:
    """Fills in forms by the names of their fields, whatever the language."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self.context = context
        context.on("page", self._watch)  # popups, too
        self.page = context.new_page()

    def _watch(self, page: Page) -> None:
        # Violations of the Content-Security-Policy are errors on the console.
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(f"error at {page.url}: {error}"))
        page.on("requestfailed", self._miss)
        page.on("response", self._look_at)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"console at {self.page.url}: {message.text}")

    def _miss(self, request: Request) -> None:
        # Going on before a picture has come breaks that request off, and nothing is wrong.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _look_at(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.url}")

    def go(self, path: str) -> None:
        self.page.goto(path)

    def send(self, **fields: str) -> None:
        """Fill in the page's form and send it by its first button."""
        for name, value in fields.items():
            self.page.locator(f"main [name={name}]").fill(value)
        follow(self.page.locator("main form button[type=submit]").first)

    def sign_in(self, login: str, password: str) -> None:
        self.go("/accounts/login/")
        self.send(login=login, password=password)

    def sign_out(self) -> None:
        follow(self.page.locator("header form[action='/accounts/logout/'] button"))

    @property
    def is_signed_in(self) -> bool:
        return self.page.locator("header form[action='/accounts/logout/']").count() == 1

    @property
    def path(self) -> str:
        return self.page.evaluate("location.pathname")

    @property
    def language(self) -> str:
        return self.page.evaluate("document.documentElement.lang")

    @property
    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()
