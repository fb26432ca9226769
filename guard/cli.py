"""The command line: `guard demo`, `counter`, `setup`, `journal`, `scan`, `staff`, `portal`; all in `guard --help`."""

from __future__ import annotations

import asyncio
import sys
from functools import wraps
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec

import typer
from rich.console import Console
from rich.prompt import Confirm
from rich.text import Text

from guard.config import load_config
from guard.console.procedure import write_procedure
from guard.core.staff import Member, Role
from guard.errors import GuardError
from guard.grammar import Reading
from guard.log import configure
from guard.provision import provision
from guard.record.digest import load_key
from guard.record.journal import Journal
from guard.record.staff import StaffRegister
from guard.texts import Language, Texts
from guard.trying.outline import write_profile

if TYPE_CHECKING:
    from collections.abc import Callable

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
portal = typer.Typer(no_args_is_help=True, help="Write a profile for a new portal, and try it against the real site.")
app.add_typer(portal, name="portal")
staff = typer.Typer(no_args_is_help=True, help="Register who works at this counter, and who lifts its seals.")
app.add_typer(staff, name="staff")
flow = typer.Typer(no_args_is_help=True, help="Play a journey of test citizens at a guarded counter.")
app.add_typer(flow, name="flow")
terminal = Console()
complaints = Console(stderr=True)

P = ParamSpec("P")

NOT_HELD = 1  # an accident did not come out as promised, with the guard or without it
NOT_READY = 1
JOURNAL_BROKEN = 1
LEFTOVERS_FOUND = 1
INTERRUPTED = 130  # Ctrl+C, as shells count it

ConfigPath = Annotated[Path, typer.Option("--config", "-c", help="The counter's TOML file.")]


def says_what_is_wrong(command: Callable[P, None]) -> Callable[P, None]:
    """Turn the guard's own errors into one sentence and an exit status; nobody is shown a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except GuardError as error:
            complaints.print(f"guard: {error}", style="red", markup=False, highlight=False)
            raise typer.Exit(error.exit_status) from None
        except KeyboardInterrupt:
            raise typer.Exit(INTERRUPTED) from None

    return run


@app.command()
@says_what_is_wrong
def demo(
    headed: Annotated[bool, typer.Option(help="Show the browsers while it plays.")] = False,
    interactive: Annotated[bool, typer.Option(help="Leave a guarded counter on the mock portals open.")] = False,
    out: Annotated[Path, typer.Option(help="Folder of the report.")] = Path("guard-demo"),
) -> None:
    """Play three published accidents, in a plain browser and at the guarded counter. Exit 0: all were stopped."""
    from guard.demo.run import run_demo  # noqa: PLC0415  # the mock portals are not there in production

    configure()
    held = run_demo(out, terminal, headed=headed)
    if interactive:
        _play_on()
    if not held:
        raise typer.Exit(NOT_HELD)


@app.command()
@says_what_is_wrong
def accidents(
    only: Annotated[
        list[str] | None, typer.Argument(help="Classes to play, by the names of the matrix; or all.")
    ] = None,
    readme: Annotated[Path | None, typer.Option(help="File whose matrix is written anew.")] = None,
    headed: Annotated[bool, typer.Option(help="Show the browsers while it plays.")] = False,
) -> None:
    """Play every class of accident, in a plain browser and at the guarded counter. Exit 0: each as it is promised."""
    from guard.accidents.command import run_accidents  # noqa: PLC0415  # as above

    configure()
    if not run_accidents(terminal, only or [], readme=readme, headed=headed):
        raise typer.Exit(NOT_HELD)


def _play_on() -> None:
    from guard.demo.interactive import interactive_config  # noqa: PLC0415  # as above
    from guard.run import serve  # noqa: PLC0415

    with interactive_config() as (config, hint):
        terminal.print(hint)
        asyncio.run(serve(config, terminal, headless=False))


@app.command()
@says_what_is_wrong
def counter(
    config: ConfigPath = Path("config/counter.toml"),
    headless: Annotated[bool, typer.Option(help="Without windows, for tests of the installation.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Open, ask each portal, say what was found, close.")] = False,
) -> None:
    """Open the guarded browser and the console. Ctrl+C ends an open visit properly and closes both."""
    from guard import run  # noqa: PLC0415  # `guard setup` must work before there is a browser

    loaded = load_config(config)
    configure()
    if not check:
        asyncio.run(run.serve(loaded, terminal, headless=headless))
    elif not asyncio.run(run.check(loaded, terminal)):
        raise typer.Exit(NOT_READY)


@app.command()
@says_what_is_wrong
def setup(tests: Annotated[bool, typer.Option(help="What the tests need as well.")] = False) -> None:
    """Install what is missing: a browser, Japanese fonts and, for tests, a virtual screen."""
    provision(tests=tests, say=terminal.print)


@app.command()
@says_what_is_wrong
def procedure(
    config: ConfigPath = Path("config/counter.toml"),
    out: Annotated[Path, typer.Option(help="Folder of the two files.")] = Path(),
) -> None:
    """Write the procedure for when the guard is down, to be printed before that day: one page in each language."""
    loaded = load_config(config)
    try:
        for language in Language:
            file = write_procedure(out, loaded.counter, Texts(language), training=loaded.training)
            terminal.print(f"Written: {file}", markup=False, highlight=False, soft_wrap=True)
    except OSError as error:
        what = f"the procedure cannot be written ({error.strerror})"
        raise GuardError(what, value=str(out), mend="Name another folder with --out.") from error


@app.command()
@says_what_is_wrong
def journal(config: ConfigPath = Path("config/counter.toml")) -> None:
    """Check the journal's chain and print its entries. Exit 1: the chain is broken."""
    loaded = load_config(config)
    book = Journal.open(loaded.journal_file, load_key(loaded.key_file))
    try:
        broken = book.verify()
        for entry in book.entries():
            facts = " ".join(f"{name}={value}" for name, value in entry.facts)
            terminal.print(f"{entry.sequence:>6} {entry.at.isoformat()} {entry.kind.value} {facts}", markup=False)
    finally:
        book.close()
    if broken is not None:
        complaints.print(f"guard: The chain is broken at entry {broken}. Keep the file as evidence.", style="red")
        raise typer.Exit(JOURNAL_BROKEN)
    terminal.print("The chain is whole.")


@app.command()
@says_what_is_wrong
def scan(
    profile_dir: Annotated[Path, typer.Argument(help="User-data directory of Chrome, Edge or Chromium, or a profile.")],
    config: ConfigPath = Path("config/counter.toml"),
    find: Annotated[list[str] | None, typer.Option(help="A word to search for in every file; may be repeated.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object in place of tables.")] = False,
    ask_portals: Annotated[bool, typer.Option("--ask-portals", help="Ask whether the sessions are alive.")] = False,
    log_out: Annotated[bool, typer.Option("--log-out", help="Log living sessions out without asking.")] = False,
    show_names: Annotated[bool, typer.Option("--show-names", help="Names in place of digests alone.")] = False,
) -> None:
    """Find leftover sessions in a browser's profile; it works on a copy. Exit 0: nothing found, 1: something."""
    from guard.scan.command import Wishes, run_scan  # noqa: PLC0415  # `guard setup` must work without its imports

    loaded = load_config(config)
    configure()
    wishes = Wishes(words=tuple(find or ()), json=json, ask_portals=ask_portals, log_out=log_out, show_names=show_names)
    if run_scan(profile_dir, loaded, wishes, terminal=terminal, progress=complaints, confirm=_confirmed):
        raise typer.Exit(LEFTOVERS_FOUND)


Number = Annotated[str, typer.Argument(help="Staff number; the journal knows the person by it alone.")]


@staff.command()
@says_what_is_wrong
def add(
    number: Number,
    name: Annotated[str, typer.Option(help="Name, as colleagues know it.")],
    role: Annotated[Role, typer.Option(help="A leader lifts seals.")] = Role.STAFF,
    replace: Annotated[bool, typer.Option("--replace", help="Also where the number is taken: a lost PIN.")] = False,
    config: ConfigPath = Path("config/counter.toml"),
) -> None:
    """Register somebody; the PIN is asked for twice and never shown."""
    register = StaffRegister.open(load_config(config).staff_file)
    pin = typer.prompt("PIN, 4 to 12 digits", hide_input=True, confirmation_prompt="The PIN again", err=True)
    member = register.add(Member(number=number, name=name, role=role), pin, replace=replace)
    terminal.print(f"Registered: {member.number} ({member.role.value}).", markup=False)
    if not register.has_leader():
        complaints.print("guard: No leader is registered yet, so nobody can lift a seal.", style="yellow")


@staff.command(name="list")
@says_what_is_wrong
def list_staff(config: ConfigPath = Path("config/counter.toml")) -> None:
    """Print who is registered, with role and state."""
    members = StaffRegister.open(load_config(config).staff_file).members()
    if not members:
        terminal.print("Nobody is registered. Run: guard staff add NUMBER --name NAME --role leader", markup=False)
    for one in members:
        locked = f"locked for {ceil(one.locked_for)} s" if one.locked_for else "active"
        state = "disabled" if one.disabled else locked
        terminal.print(f"{one.number:<12} {one.role.value:<7} {state:<16} {one.name}", markup=False, highlight=False)


@staff.command()
@says_what_is_wrong
def disable(number: Number, config: ConfigPath = Path("config/counter.toml")) -> None:
    """Take no approval under a number any more; the last leader is not disabled."""
    register = StaffRegister.open(load_config(config).staff_file)
    terminal.print(f"Disabled: {register.disable(number)}.", markup=False)


def _confirmed(question: str) -> bool:
    """Ask the person at the terminal; where there is none, the answer is no."""
    try:
        return Confirm.ask(Text(question), console=complaints, default=False)
    except EOFError:
        return False


@portal.command()
@says_what_is_wrong
def new(
    name: Annotated[str, typer.Argument(help="Short name: small letters, digits and hyphens.")],
    origin: Annotated[str, typer.Option(help="Scheme and host of the site.")] = "https://portal.example",
    out: Annotated[Path | None, typer.Option(help="File to write; NAME.toml without it.")] = None,
    json: Annotated[bool, typer.Option("--json/--html", help="How the site says who is logged in.")] = False,
) -> None:
    """Write a commented profile for a new portal."""
    file = out or Path(f"{name}.toml")
    write_profile(file, name, origin=origin, reading=Reading.JSON if json else Reading.HTML)
    terminal.print(f"Written: {file}. Fill in the keys that are set, then: guard portal try {file}", markup=False)


@portal.command("try")
@says_what_is_wrong
def try_(
    profile: Annotated[Path, typer.Argument(help="The portal's profile.")],
    url: Annotated[str | None, typer.Option(help="Page to begin with; the profile's start page without it.")] = None,
    config: Annotated[Path | None, typer.Option("--config", "-c", help="Counter whose settings count.")] = None,
    headless: Annotated[bool, typer.Option(help="Without a window, for machines.")] = False,
) -> None:
    """Try a profile against the real site, with a person who logs in there. Exit 0: everything held."""
    from guard.trying.command import run_trial  # noqa: PLC0415  # `guard setup` must work before there is a browser

    configure()
    if not run_trial(profile, config, terminal, url=url, headless=headless):
        raise typer.Exit(NOT_HELD)


@flow.command("run")
@says_what_is_wrong
def run_flow_(
    name: Annotated[str, typer.Argument(help="A flow of `guard flow list`; NAME@STEP leaves it after that step.")],
    citizens: Annotated[Path, typer.Option(help="CSV in UTF-8 or Shift_JIS, one citizen a row.")],
    config: Annotated[Path | None, typer.Option("--config", "-c", help="Counter of a staging portal.")] = None,
    base_url: Annotated[list[str] | None, typer.Option(help="NAME=URL of a portal, with --config.")] = None,
    headed: Annotated[bool, typer.Option(help="Show the browser while it plays.")] = False,
) -> None:
    """Play a flow. Exit 0: all went as the flow says; 1: something was stopped or failed; 2: bad input."""
    from guard.flow.command import Wishes, run_flow  # noqa: PLC0415  # the mock portals are not there in production

    configure()
    wishes = Wishes(flow=name, citizens=citizens, config=config, base_urls=tuple(base_url or ()), headed=headed)
    if not run_flow(wishes, terminal):
        raise typer.Exit(NOT_HELD)


@flow.command("list")
def list_flows() -> None:
    """Name the flows, their steps, and the columns that a citizens file has for each."""
    from guard.flow.command import flow_table  # noqa: PLC0415  # as above

    terminal.print(flow_table())


if __name__ == "__main__":
    sys.exit(app())
