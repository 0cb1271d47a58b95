import signal
import threading

import schedule

stopped = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stopped.set())
done = 0


def work():
    global done
    done += 1
    print(f"job {done} done", flush=True)


schedule.every(1).seconds.do(work)
while not stopped.wait(0.2):
    schedule.run_pending()
print("stopped in good order", flush=True)
