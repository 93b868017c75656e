"""Play with trained models in the browser: likeness explore RUN [RUN...]."""

import threading
import webbrowser

from likeness.commands._options import Parser, add_data, add_device
from likeness.errors import Stopped


def run(words: list[str]) -> None:
    """Serve the page on this machine alone until Ctrl-C."""
    parser = Parser(prog="likeness explore", description=__doc__)
    parser.add_argument("RUN", nargs="+", help="runs to look at, side by side if there are several")
    parser.add_argument("--directions", metavar="FILE", help="what `likeness directions` wrote")
    add_data(parser, "the runs' data where they are now, or other images of their shape")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: any that is free)")
    parser.add_argument("--no-browser", action="store_true", help="print the address and open no browser")
    add_device(parser)
    given = vars(parser.read(words))
    from likeness.explorer.opened import Gallery
    from likeness.explorer.server import Server

    gallery = Gallery(given["RUN"], given.get("directions"), given.get("data"), given["device"])
    with Server(gallery, given["port"]) as server:
        print(f"{server.address}  (Ctrl-C ends it)", flush=True)
        threading.Thread(target=gallery.prepare, daemon=True).start()
        if "no_browser" not in given:
            webbrowser.open(server.address)
        try:
            server.serve_forever(poll_interval=0.2)
        except Stopped:  # Ctrl-C is how it ends
            print("ended")
