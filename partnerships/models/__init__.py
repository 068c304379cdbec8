from partnerships.models.agreements import AgreementSignature, PartnerAgreement
from partnerships.models.cohorts import Cohort, Programme, StudentStatus, UniversityPeriod
from partnerships.models.offers import HostingRules, HostOffer, OfferMove
from partnerships.models.students import Student, StudentPair
