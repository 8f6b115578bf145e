"""The client of the PyPI package python-socketio before framestep's server.

usage: python_socketio.py FOLDER_OF_THE_EXAMPLES
"""

import queue
import subprocess
import sys
import unittest

import socketio

EXAMPLES = sys.argv.pop(1)
TRANSPORTS = (["polling"], ["websocket"], ["polling", "websocket"])


class PythonSocketIo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        pipe = subprocess.PIPE
        options = [f"{EXAMPLES}/serve", "socket-io", "--until-stdin-closes"]
        cls.server = subprocess.Popen(options, stdin=pipe, stdout=pipe, text=True)
        cls.url = "http://" + cls.server.stdout.readline().split()[-1]

    @classmethod
    def tearDownClass(cls):
        cls.server.stdin.close()
        assert cls.server.wait(timeout=5) == 0
        cls.server.stdout.close()

    def client(self, transports, namespace="/", **options):
        client = socketio.Client(reconnection=False)
        client.events = queue.Queue()
        for event in ("auth", "message-back"):
            client.on(event, lambda *v, e=event: client.events.put((e, *v)), namespace)
        client.connect(self.url, transports=transports, namespaces=[namespace], **options)
        self.addCleanup(client.disconnect)
        return client

    def test_events_octets_and_acknowledgements(self):
        for transports in TRANSPORTS:
            with self.subTest(transports=transports):
                client = self.client(transports, auth={"token": "abc"})
                self.assertEqual(client.events.get(timeout=2), ("auth", {"token": "abc"}))
                for values in ((), (1, "zwei €", {"three": [None, True]}), (b"\1\2", {"x": b"\0" * 9999})):
                    client.emit("message", values)
                    self.assertEqual(client.events.get(timeout=2), ("message-back", *values))
                    answer = client.call("message-with-ack", values, timeout=2)
                    expected = values if len(values) > 1 else None
                    self.assertEqual(answer and tuple(answer), expected)

    def test_it_stays_while_pings_are_answered(self):
        for transports in TRANSPORTS:
            with self.subTest(transports=transports):
                client = self.client(transports)
                client.sleep(1.2)
                self.assertTrue(client.connected)
                self.assertEqual(client.call("message-with-ack", 7, timeout=2), 7)

    def test_another_namespace(self):
        client = self.client(TRANSPORTS[2], "/custom")
        self.assertEqual(client.events.get(timeout=2), ("auth", {}))
        client.emit("message", "hi", namespace="/custom")
        self.assertEqual(client.events.get(timeout=2), ("message-back", "hi"))

    def test_a_namespace_that_does_not_exist(self):
        with self.assertRaises(socketio.exceptions.ConnectionError):
            self.client(TRANSPORTS[2], "/nowhere")


if __name__ == "__main__":
    unittest.main(verbosity=2)
