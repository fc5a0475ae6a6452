"""All faults sown by hand in the engine's SQL. A new statement of the engine deserves its own."""

from tests.spec.faults_of_credit import FAULTS as OF_CREDIT
from tests.spec.faults_of_verdicts import FAULTS as OF_VERDICTS

FAULTS = (*OF_CREDIT, *OF_VERDICTS)
