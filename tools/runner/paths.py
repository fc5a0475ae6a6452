"""Where things stand in a checkout."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
CUNJING = BIN / "cunjing"
REQUIREMENTS = ROOT / "requirements"
FIELD = ROOT / "field"
# The phones of the models, bundled for Node.
PHONES = FIELD / "dist/driver/driver.mjs"
FIELD_DIST = ROOT / "src/cunjing/field/static/field/dist"
NODE_MODULES = ROOT / "node_modules"
CONSOLE_DIST = ROOT / "src/cunjing/console/static/console/dist"
MANIFEST = CONSOLE_DIST / "manifest.json"
LOCALE = ROOT / "src/cunjing/locale"
LOCALE_DIST = LOCALE / "dist"

# The same folder as the product's own CUNJING_VAR: data, logs and stamps live together.
VAR = Path(os.environ.get("CUNJING_VAR") or ROOT / "var").resolve()
LOGS = VAR / "logs"
STAMPS = VAR / "stamps"
# Where the settings put the embedded database when CUNJING_DATABASE_URL names no other.
DATABASE = VAR / "cunjing.sqlite3"
