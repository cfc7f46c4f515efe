"""Name the closed vocabulary of rights, actions, purposes and the other clauses.

Generated from registry/vocabulary/*.json by scripts/gen_vocabulary.py. Do not edit.
"""

from enum import IntEnum, IntFlag


class Right(IntFlag):
    """The three separable rights in data.

    They are independent: several parties may hold the same right at once.
    """

    # To hold lawfully obtained data, oneself or through a custodian, and to decide on its record.
    HOLD = 1 << 0
    # To process the data for one's own purposes, deriving new data included.
    USE = 1 << 1
    # To supply the data outward: to license, transfer, invest or pledge it.
    OPERATE = 1 << 2
    # All bits that have a meaning.
    ALL = (1 << 3) - 1


class Environment(IntFlag):
    """Where the data may be used.

    No bit at all means any environment.
    """

    # Inside a closed workspace of the provider; only checked results leave it.
    SANDBOX = 1 << 0
    # Inside hardware-isolated memory whose program is attested, hidden from the machine's operator.
    TEE = 1 << 1
    # By a cryptographic protocol in which no party sees another's input.
    MPC = 1 << 2
    # By calls to an interface that answers each request; the whole is never handed over.
    API = 1 << 3
    # By handing over a copy, which the grantee keeps in its own systems.
    TRANSFER = 1 << 4
    # All bits that have a meaning.
    ALL = (1 << 5) - 1


class Action(IntFlag):
    """What a grantee may do with the data.

    An action that is not named is not granted.
    """

    # To obtain and view the data as it was delivered, without changing it.
    READ = 1 << 0
    # To put a condition to the data and receive only the matching records or values.
    QUERY = 1 << 1
    # To compute findings from the data that the grantee uses itself and that hold no record of it.
    ANALYSE = 1 << 2
    # To make new data that is substantively changed and clearly more valuable, to be a product of
    # its own.
    DERIVE = 1 << 3
    # To fit the parameters of a statistical or machine-learned model on the data.
    TRAIN = 1 << 4
    # To make the data, or parts of it, part of a composite collection with data from elsewhere.
    AGGREGATE = 1 << 5
    # To show the data to people on a screen or a page without handing them a copy.
    DISPLAY = 1 << 6
    # To hand copies of the data to third parties.
    DISTRIBUTE = 1 << 7
    # To grant a third party the use of the data within the bounds of the grantee's own grant.
    SUBLICENSE = 1 << 8
    # To change the data itself, where the result remains the same product and no new one is made.
    MODIFY = 1 << 9
    # To process the data so that no person can be identified from it and the step cannot be undone.
    ANONYMISE = 1 << 10
    # To keep a copy in long-term storage that is not used for anything else.
    ARCHIVE = 1 << 11
    # To record the data in an index or catalogue through which it can be found.
    INDEX = 1 << 12
    # To take a part of the data out of it and use that part separately.
    EXTRACT = 1 << 13
    # To convert the data into another format or structure with the same content.
    TRANSFORM = 1 << 14
    # To make further copies of the data for the grantee's own keeping.
    REPRODUCE = 1 << 15
    # To match records of the data with records of other data that concern the same subject.
    LINK = 1 << 16
    # To add labels or notes to the data without changing what it says.
    ANNOTATE = 1 << 17
    # To run the product where it is a program, a model or a service, and to receive its output.
    EXECUTE = 1 << 18
    # All bits that have a meaning.
    ALL = (1 << 19) - 1


class Purpose(IntFlag):
    """What the data may be used for.

    A use declares exactly one purpose, and it must be among those granted.
    """

    # To gain knowledge by scientific method, with results that are not themselves sold.
    RESEARCH = 1 << 0
    # To compile figures about groups, never decisions about a single person or organisation.
    STATISTICS = 1 << 1
    # To deliver a service to the public that is owed by law or free of charge.
    PUBLIC_SERVICE = 1 << 2
    # For a public body to plan, administer or supervise within its statutory duties.
    GOVERNANCE = 1 << 3
    # To assess whether a person or organisation will meet its obligations.
    CREDIT = 1 << 4
    # To price, underwrite, or settle claims under insurance.
    INSURANCE = 1 << 5
    # To detect and limit fraud, default, security or operational risk of the grantee.
    RISK_CONTROL = 1 << 6
    # To develop, train or evaluate a statistical or machine-learned model.
    MODEL_TRAINING = 1 << 7
    # To design, build or improve a product or service of the grantee.
    PRODUCT_DEVELOPMENT = 1 << 8
    # To find, address or keep customers.
    MARKETING = 1 << 9
    # To plan and carry out the storage and carriage of goods.
    LOGISTICS = 1 << 10
    # To plan, carry out or support farming, forestry, husbandry and fishery.
    AGRICULTURE = 1 << 11
    # To prevent, diagnose or treat illness, and to run the services that do.
    HEALTH = 1 << 12
    # To teach, examine, or run the institutions that do.
    EDUCATION = 1 << 13
    # To plan, operate or supervise the carriage of people and its infrastructure.
    TRANSPORT = 1 << 14
    # To provide financial services other than credit assessment and insurance.
    FINANCE = 1 << 15
    # To design, run, maintain or improve industrial production.
    MANUFACTURING = 1 << 16
    # To observe, forecast or warn of weather and climate.
    METEOROLOGY = 1 << 17
    # To prepare for, respond to and recover from disasters and accidents.
    EMERGENCY_RELIEF = 1 << 18
    # To examine whether records are true and rules were kept, by someone entitled to.
    AUDIT = 1 << 19
    # To run the grantee's own organisation, with no result given to others.
    INTERNAL_OPERATION = 1 << 20
    # To supply the data, unchanged or repackaged, to others for consideration.
    RESALE = 1 << 21
    # To run or improve trade in goods and services, outside marketing and logistics.
    COMMERCE = 1 << 22
    # To provide or improve cultural, heritage and travel services.
    CULTURE_TOURISM = 1 << 23
    # To measure or reduce emissions, resource use and environmental harm.
    GREEN_LOW_CARBON = 1 << 24
    # All bits that have a meaning.
    ALL = (1 << 25) - 1


class Obligation(IntFlag):
    """What the grantee owes in return.

    The chain records that it was promised; it cannot see that it was done.
    """

    # To name the holder as the source wherever results are shown.
    ATTRIBUTE = 1 << 0
    # To report each use, or the uses of each period, to the grantor.
    REPORT_USE = 1 << 1
    # To delete every copy when the grant ends.
    DELETE_AT_END = 1 << 2
    # To hand the data carriers back when the grant ends.
    RETURN_AT_END = 1 << 3
    # To give evidence of deletion or return when the grant ends.
    PROVE_DISPOSAL = 1 << 4
    # To notify the grantor without delay of any leak, loss or misuse.
    NOTIFY_BREACH = 1 << 5
    # To let the grantor or its auditor inspect how the data is used.
    ALLOW_AUDIT = 1 << 6
    # To pay as the price clauses say.
    COMPENSATE = 1 << 7
    # To keep or apply the agreed watermark in every copy.
    WATERMARK = 1 << 8
    # To bind every later recipient to terms at least as strict.
    NEXT_POLICY = 1 << 9
    # Not to identify persons or organisations behind the records.
    NO_REIDENTIFICATION = 1 << 10
    # To keep logs of every use and show them on request.
    KEEP_LOGS = 1 << 11
    # To obtain the consent of the data subjects before use.
    OBTAIN_CONSENT = 1 << 12
    # To accept that each use is metered and traced by technical means.
    ACCEPT_TRACKING = 1 << 13
    # To show the data to none but those who need it for the granted purpose.
    KEEP_CONFIDENTIAL = 1 << 14
    # All bits that have a meaning.
    ALL = (1 << 15) - 1


class Form(IntEnum):
    """How a grant comes about.

    It is a clause, so that a two-sided agreement cannot be filed by one side.
    """

    # The grantor alone issues it.
    ONE_SIDED = 0
    # Grantor and grantee both sign the same terms.
    TWO_SIDED = 1
    # One of several grants under one agreement; none is active until all are signed.
    JOINT = 2


class Template(IntEnum):
    """The model contract that the terms follow."""

    # No model contract.
    NONE = 0
    # The holder provides data to a user.
    PROVISION = 1
    # A processor handles the data on the principal's instructions and gains no right in it.
    ENTRUSTMENT = 2
    # Several contributors develop a product from their data together.
    FUSION = 3
    # An intermediary brings provider and user together for a fee.
    INTERMEDIARY = 4
    # A public body authorises an operator to develop public data.
    PUBLIC_OPERATION = 5


class Mode(IntEnum):
    """How broad an authorization of public data is."""

    # Not an authorization of public-data operation.
    NONE = 0
    # All data of the body at once.
    WHOLE = 1
    # The data of one field.
    FIELD = 2
    # The data that one scenario of use needs.
    SCENARIO = 3


class SubDelegation(IntEnum):
    """Whether the grantee may grant further."""

    # No sub-grant may be made.
    NONE = 0
    # Each sub-grant needs the grantor's consent.
    CONSENT = 1
    # Sub-grants within these terms need no further consent.
    FREE = 2


class QuotaUnit(IntEnum):
    """What a quota counts."""

    # Use is not counted.
    NONE = 0
    # Products made with the data.
    PRODUCT = 1
    # Services rendered with the data.
    SERVICE = 2
    # Seconds of metered use, added up.
    SECOND = 3
    # Calls of an interface.
    CALL = 4
    # Records delivered.
    ROW = 5
    # Bytes delivered.
    BYTE = 6
    # Runs of a computation on the data.
    RUN = 7


class DerivedRights(IntEnum):
    """Who gets the rights in data derived under the grant."""

    # The terms say nothing.
    NONE = 0
    # The grantor alone.
    GRANTOR = 1
    # The grantee alone.
    GRANTEE = 2
    # Grantor and grantee together.
    JOINT = 3


class PriceModel(IntEnum):
    """How the price is reckoned."""

    # The terms state no price.
    NONE = 0
    # Nothing is paid.
    FREE = 1
    # One amount for the whole grant.
    FIXED = 2
    # An amount for each unit of the quota used, up to the cap.
    METERED = 3
    # A fixed amount paid in parts at agreed times.
    INSTALMENT = 4
    # Data or services are given in return.
    BARTER = 5


class SecurityClass(IntEnum):
    """The class of the data under the rules of data security."""

    # Neither important nor core data.
    GENERAL = 0
    # Data whose leak or misuse may harm security, the economy, public health or order.
    IMPORTANT = 1
    # Data that bears on national security and the lifelines of the economy.
    CORE = 2


class Source(IntEnum):
    """Where the data of a product comes from.

    It limits which rights can be registered in it.
    """

    # The source is not stated.
    UNSPECIFIED = 0
    # Collected or generated in one's own activity.
    GENERATED = 1
    # Public data collected by automated means; OPERATE only where the product does not replace its
    # source.
    CRAWLED = 2
    # Obtained from another party by an agreement.
    AGREED = 3
    # Made of other data by a substantive change that adds value; the applicant needs USE in what it
    # is made of.
    DERIVED = 4
    # Made of the data of several parties together; OPERATE only by agreement or with the consent of
    # all.
    FUSED = 5
    # Processed for another party; the processor has no rights in it except by agreement.
    ENTRUSTED = 6


class Activity(IntEnum):
    """What was done with its sources to make a derived product."""

    # Substantive work on data that adds value, where none of the other words says it better.
    PROCESSING = 0
    # Data of several sources joined into one body that none of them could give alone.
    FUSION = 1
    # Records of different sources matched because they concern the same subject.
    LINKING = 2
    # Records summed up into figures about groups, places or periods.
    AGGREGATION = 3
    # Labels or notes added, by people or by machine, that leave the data itself as it was.
    ANNOTATION = 4
    # Errors corrected, gaps filled, duplicates taken out, values brought to one form.
    CLEANING = 5
    # Processed so that no person can be identified from it and the step cannot be undone.
    ANONYMISATION = 6
    # Processed so that no person can be identified without further information kept apart.
    DEIDENTIFICATION = 7
    # A part taken out by a rule: fields, features, places or periods.
    EXTRACTION = 8
    # A part taken out by chance that stands for the whole.
    SAMPLING = 9
    # Brought into another format, structure, projection or language with the same content.
    CONVERSION = 10
    # The parameters of a statistical or machine-learned model fitted on the data.
    MODEL_TRAINING = 11
    # The output of a model that was run on the data.
    INFERENCE = 12
    # Artificial records made to have the statistical properties of the data.
    SYNTHESIS = 13


class AnnotationKind(IntEnum):
    """What is noted on a product beside its registration."""

    # A court has seized it: no transfer, no retirement, no new grant, no use under a grant.
    SEIZURE = 0
    # A regulator controls it: no transfer, no retirement, no new grant, no use under a grant.
    CONTROL = 1
    # Its rights are disputed: no transfer and no new grant; what stands is flagged.
    DISPUTE = 2
    # A term or condition on the exercise of its rights, to be seen by all; it blocks nothing by
    # itself.
    LIMIT = 3


class Reason(IntEnum):
    """Why a grant was revoked or a party suspended."""

    # No reason is given.
    UNSPECIFIED = 0
    # The other side broke the terms.
    BREACH = 1
    # Both sides agreed to end it.
    CONSENT = 2
    # It was recorded by mistake.
    MISTAKE = 3
    # A law obliges the actor to.
    LEGAL_DUTY = 4
    # A court or competent authority ordered it.
    AUTHORITY = 5
    # Newer terms take its place.
    SUPERSEDED = 6
    # The grantee gives it up.
    RENOUNCED = 7
    # Going on would endanger security or people's interests.
    RISK = 8
    # Ownership or terms are in dispute.
    DISPUTE = 9
    # It rests on false or forged statements.
    FALSEHOOD = 10
    # A key of the party is in other hands.
    KEY_COMPROMISE = 11
    # The party's proof of identity is no longer valid.
    IDENTITY_INVALID = 12
    # The party no longer exists.
    PARTY_DISSOLVED = 13
    # The data is destroyed or lost.
    DATA_LOST = 14
    # What tied a private registration to its content was erased for good.
    ERASED = 15
