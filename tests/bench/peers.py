# SPDX-License-Identifier: MIT
"""The programs that cosend is compared with: from Debian, and from npm."""
import json
import os
import shutil
import subprocess

# By the name in jobs.py: the program, and Debian's package.
PACKAGES = {
    'ripgrep': ('rg', 'ripgrep'),
    'GNU grep': ('grep', 'grep'),
    'Miller': ('mlr', 'miller'),
    'mawk': ('mawk', 'mawk'),
    'jq': ('jq', 'jq'),
    'datamash': ('datamash', 'datamash'),
    'cut': ('cut', 'coreutils'),
}

# Those that print no names above their columns.
HEADLESS = {'mawk', 'jq', 'datamash'}

DUCKDB = '@duckdb/node-api@1.5.6-r.1'


def install(package):
    """Whether a package of Debian's is there now."""
    if not shutil.which('apt-get'):
        return False
    command = [] if os.geteuid() == 0 else ['sudo']
    command += ['apt-get', 'install', '-y', '--no-install-recommends', package]
    print(f'Installing {package}: {" ".join(command)}', flush=True)
    environment = dict(os.environ, DEBIAN_FRONTEND='noninteractive')
    return subprocess.run(command, env=environment,
                          stdout=subprocess.DEVNULL).returncode == 0


def find_peers():
    """The names of the peers that are there or could be installed."""
    found = set()
    for name, (program, package) in PACKAGES.items():
        if shutil.which(program) or install(package):
            found.add(name)
        else:
            print(f'{name}: not to be had, skipped')
    return found


class DuckDB:
    """DuckDB in a node process that takes queries."""

    def __init__(self, folder):
        folder = os.path.abspath(folder)
        os.makedirs(folder, exist_ok=True)
        self.profile = os.path.join(folder, f'profile.{os.getpid()}.json')
        script = os.path.join(os.path.dirname(__file__), 'duckdb.mjs')
        self.process = subprocess.Popen(
            ['node', script, folder, self.profile],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.version = self.ask()

    def ask(self, **query):
        self.process.stdin.write(json.dumps(query) + '\n')
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer:
            raise RuntimeError('DuckDB ended')
        return answer

    def seconds(self, threads, query, output):
        return float(self.ask(threads=threads, query=query, output=output))

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        if os.path.exists(self.profile):
            os.remove(self.profile)


def find_duckdb(folder):
    """DuckDB, installed into the folder where it is not; or None."""
    if not (shutil.which('npm') or install('npm')):
        print('DuckDB: no npm to install it by, skipped')
        return None
    if not os.path.isdir(os.path.join(folder, 'node_modules')):
        print(f'Installing {DUCKDB} into {folder}: npm install', flush=True)
        os.makedirs(folder, exist_ok=True)
        subprocess.run(['npm', 'install', '--no-audit', '--no-fund',
                        '--prefix', folder, DUCKDB],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return DuckDB(folder)
    except (OSError, RuntimeError):
        print('DuckDB: not to be had, skipped')
        return None


def version(name):
    program = PACKAGES[name][0]
    option = '-W version' if name == 'mawk' else '--version'
    said = subprocess.run([program, *option.split()], capture_output=True,
                          text=True)
    words = (said.stdout + said.stderr).replace('-', ' ').split()
    return next((word.strip(',') for word in words if word[0].isdigit()), '')
