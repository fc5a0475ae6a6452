"""All faults sown by hand in the engine's SQL. A new statement of the engine deserves its own."""

from tests.spec.faults_of_credit import FAULTS as OF_CREDIT
from tests.spec.faults_of_matters import FAULTS as OF_MATTERS
from tests.spec.faults_of_measures import FAULTS as OF_MEASURES
from tests.spec.faults_of_short_forms import FAULTS as OF_SHORT_FORMS
from tests.spec.faults_of_spans import FAULTS as OF_SPANS
from tests.spec.faults_of_state import FAULTS as OF_STATE
from tests.spec.faults_of_subject import FAULTS as OF_SUBJECT
from tests.spec.faults_of_verdicts import FAULTS as OF_VERDICTS

FAULTS = (
    *OF_SPANS,
    *OF_CREDIT,
    *OF_STATE,
    *OF_SHORT_FORMS,
    *OF_MEASURES,
    *OF_MATTERS,
    *OF_VERDICTS,
    *OF_SUBJECT,
)
