import socket

import pytest

from firsthand.build import offline
from firsthand.build.execution import clean


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def test_streams_are_joined_and_progress_keeps_its_last_state():
    outputs = [stream("a 1\ra 2"), stream("\ra 3\nb\r\n"), stream("oops", "stderr")]
    assert clean(outputs, {}) == [stream("a 3\nb\n")]


def test_a_stream_cut_by_stderr_is_one_stream():
    assert clean([stream("a"), stream("!", "stderr"), stream("b")], {}) == [stream("ab")]


def test_an_output_of_stderr_alone_disappears():
    assert clean([stream("oops", "stderr")], {}) == []


def test_places_and_addresses_are_replaced_in_text_only():
    data = {"text/plain": "<f at 0x7f12ab34cd> in /base/folder/x", "image/png": "at 0x7f12ab34cd"}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    (cleaned,) = clean([output], {"/base/folder": "~"})
    assert cleaned["data"]["text/plain"] == "<f at 0x…> in ~/x"
    assert cleaned["data"]["image/png"] == "at 0x7f12ab34cd"


def test_another_machine_is_refused_and_this_one_is_not():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with offline.blocked():
            socket.create_connection(server.getsockname(), timeout=5).close()
            with pytest.raises(offline.NetworkUse, match=r"reach '192\.0\.2\.1'"):
                socket.create_connection(("192.0.2.1", 9), timeout=0.2)
            with pytest.raises(offline.NetworkUse, match=r"reach 'example\.org'"):
                socket.getaddrinfo("example.org", 80)
        socket.getaddrinfo("127.0.0.1", 80)
