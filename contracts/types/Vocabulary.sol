// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// Generated from registry/vocabulary/*.json by scripts/gen_vocabulary.py. Do not edit.

/// @notice The three separable rights in data. They are independent: several parties may hold the
/// same right at once.
library Rights {
    /// @dev To hold lawfully obtained data, oneself or through a custodian, and to decide on its
    /// record.
    uint8 internal constant HOLD = 1 << 0;
    /// @dev To process the data for one's own purposes, deriving new data included.
    uint8 internal constant USE = 1 << 1;
    /// @dev To supply the data outward: to license, transfer, invest or pledge it.
    uint8 internal constant OPERATE = 1 << 2;
    /// @dev All bits that have a meaning.
    uint8 internal constant ALL = uint8((1 << 3) - 1);
}

/// @notice Where the data may be used. No bit at all means any environment.
library Environment {
    /// @dev Inside a closed workspace of the provider; only checked results leave it.
    uint8 internal constant SANDBOX = 1 << 0;
    /// @dev Inside hardware-isolated memory whose program is attested, hidden from the machine's
    /// operator.
    uint8 internal constant TEE = 1 << 1;
    /// @dev By a cryptographic protocol in which no party sees another's input.
    uint8 internal constant MPC = 1 << 2;
    /// @dev By calls to an interface that answers each request; the whole is never handed over.
    uint8 internal constant API = 1 << 3;
    /// @dev By handing over a copy, which the grantee keeps in its own systems.
    uint8 internal constant TRANSFER = 1 << 4;
    /// @dev All bits that have a meaning.
    uint8 internal constant ALL = uint8((1 << 5) - 1);
}

/// @notice What a grantee may do with the data. An action that is not named is not granted.
library Action {
    /// @dev To obtain and view the data as it was delivered, without changing it.
    uint32 internal constant READ = 1 << 0;
    /// @dev To put a condition to the data and receive only the matching records or values.
    uint32 internal constant QUERY = 1 << 1;
    /// @dev To compute findings from the data that the grantee uses itself and that hold no record
    /// of it.
    uint32 internal constant ANALYSE = 1 << 2;
    /// @dev To make new data that is substantively changed and clearly more valuable, to be a
    /// product of its own.
    uint32 internal constant DERIVE = 1 << 3;
    /// @dev To fit the parameters of a statistical or machine-learned model on the data.
    uint32 internal constant TRAIN = 1 << 4;
    /// @dev To make the data, or parts of it, part of a composite collection with data from
    /// elsewhere.
    uint32 internal constant AGGREGATE = 1 << 5;
    /// @dev To show the data to people on a screen or a page without handing them a copy.
    uint32 internal constant DISPLAY = 1 << 6;
    /// @dev To hand copies of the data to third parties.
    uint32 internal constant DISTRIBUTE = 1 << 7;
    /// @dev To grant a third party the use of the data within the bounds of the grantee's own
    /// grant.
    uint32 internal constant SUBLICENSE = 1 << 8;
    /// @dev To change the data itself, where the result remains the same product and no new one is
    /// made.
    uint32 internal constant MODIFY = 1 << 9;
    /// @dev To process the data so that no person can be identified from it and the step cannot be
    /// undone.
    uint32 internal constant ANONYMISE = 1 << 10;
    /// @dev To keep a copy in long-term storage that is not used for anything else.
    uint32 internal constant ARCHIVE = 1 << 11;
    /// @dev To record the data in an index or catalogue through which it can be found.
    uint32 internal constant INDEX = 1 << 12;
    /// @dev To take a part of the data out of it and use that part separately.
    uint32 internal constant EXTRACT = 1 << 13;
    /// @dev To convert the data into another format or structure with the same content.
    uint32 internal constant TRANSFORM = 1 << 14;
    /// @dev To make further copies of the data for the grantee's own keeping.
    uint32 internal constant REPRODUCE = 1 << 15;
    /// @dev To match records of the data with records of other data that concern the same subject.
    uint32 internal constant LINK = 1 << 16;
    /// @dev To add labels or notes to the data without changing what it says.
    uint32 internal constant ANNOTATE = 1 << 17;
    /// @dev To run the product where it is a program, a model or a service, and to receive its
    /// output.
    uint32 internal constant EXECUTE = 1 << 18;
    /// @dev All bits that have a meaning.
    uint32 internal constant ALL = uint32((1 << 19) - 1);
}

/// @notice What the data may be used for. A use declares exactly one purpose, and it must be among
/// those granted.
library Purpose {
    /// @dev To gain knowledge by scientific method, with results that are not themselves sold.
    uint32 internal constant RESEARCH = 1 << 0;
    /// @dev To compile figures about groups, never decisions about a single person or organisation.
    uint32 internal constant STATISTICS = 1 << 1;
    /// @dev To deliver a service to the public that is owed by law or free of charge.
    uint32 internal constant PUBLIC_SERVICE = 1 << 2;
    /// @dev For a public body to plan, administer or supervise within its statutory duties.
    uint32 internal constant GOVERNANCE = 1 << 3;
    /// @dev To assess whether a person or organisation will meet its obligations.
    uint32 internal constant CREDIT = 1 << 4;
    /// @dev To price, underwrite, or settle claims under insurance.
    uint32 internal constant INSURANCE = 1 << 5;
    /// @dev To detect and limit fraud, default, security or operational risk of the grantee.
    uint32 internal constant RISK_CONTROL = 1 << 6;
    /// @dev To develop, train or evaluate a statistical or machine-learned model.
    uint32 internal constant MODEL_TRAINING = 1 << 7;
    /// @dev To design, build or improve a product or service of the grantee.
    uint32 internal constant PRODUCT_DEVELOPMENT = 1 << 8;
    /// @dev To find, address or keep customers.
    uint32 internal constant MARKETING = 1 << 9;
    /// @dev To plan and carry out the storage and carriage of goods.
    uint32 internal constant LOGISTICS = 1 << 10;
    /// @dev To plan, carry out or support farming, forestry, husbandry and fishery.
    uint32 internal constant AGRICULTURE = 1 << 11;
    /// @dev To prevent, diagnose or treat illness, and to run the services that do.
    uint32 internal constant HEALTH = 1 << 12;
    /// @dev To teach, examine, or run the institutions that do.
    uint32 internal constant EDUCATION = 1 << 13;
    /// @dev To plan, operate or supervise the carriage of people and its infrastructure.
    uint32 internal constant TRANSPORT = 1 << 14;
    /// @dev To provide financial services other than credit assessment and insurance.
    uint32 internal constant FINANCE = 1 << 15;
    /// @dev To design, run, maintain or improve industrial production.
    uint32 internal constant MANUFACTURING = 1 << 16;
    /// @dev To observe, forecast or warn of weather and climate.
    uint32 internal constant METEOROLOGY = 1 << 17;
    /// @dev To prepare for, respond to and recover from disasters and accidents.
    uint32 internal constant EMERGENCY_RELIEF = 1 << 18;
    /// @dev To examine whether records are true and rules were kept, by someone entitled to.
    uint32 internal constant AUDIT = 1 << 19;
    /// @dev To run the grantee's own organisation, with no result given to others.
    uint32 internal constant INTERNAL_OPERATION = 1 << 20;
    /// @dev To supply the data, unchanged or repackaged, to others for consideration.
    uint32 internal constant RESALE = 1 << 21;
    /// @dev To run or improve trade in goods and services, outside marketing and logistics.
    uint32 internal constant COMMERCE = 1 << 22;
    /// @dev To provide or improve cultural, heritage and travel services.
    uint32 internal constant CULTURE_TOURISM = 1 << 23;
    /// @dev To measure or reduce emissions, resource use and environmental harm.
    uint32 internal constant GREEN_LOW_CARBON = 1 << 24;
    /// @dev All bits that have a meaning.
    uint32 internal constant ALL = uint32((1 << 25) - 1);
}

/// @notice What the grantee owes in return. The chain records that it was promised; it cannot see
/// that it was done.
library Obligation {
    /// @dev To name the holder as the source wherever results are shown.
    uint32 internal constant ATTRIBUTE = 1 << 0;
    /// @dev To report each use, or the uses of each period, to the grantor.
    uint32 internal constant REPORT_USE = 1 << 1;
    /// @dev To delete every copy when the grant ends.
    uint32 internal constant DELETE_AT_END = 1 << 2;
    /// @dev To hand the data carriers back when the grant ends.
    uint32 internal constant RETURN_AT_END = 1 << 3;
    /// @dev To give evidence of deletion or return when the grant ends.
    uint32 internal constant PROVE_DISPOSAL = 1 << 4;
    /// @dev To notify the grantor without delay of any leak, loss or misuse.
    uint32 internal constant NOTIFY_BREACH = 1 << 5;
    /// @dev To let the grantor or its auditor inspect how the data is used.
    uint32 internal constant ALLOW_AUDIT = 1 << 6;
    /// @dev To pay as the price clauses say.
    uint32 internal constant COMPENSATE = 1 << 7;
    /// @dev To keep or apply the agreed watermark in every copy.
    uint32 internal constant WATERMARK = 1 << 8;
    /// @dev To bind every later recipient to terms at least as strict.
    uint32 internal constant NEXT_POLICY = 1 << 9;
    /// @dev Not to identify persons or organisations behind the records.
    uint32 internal constant NO_REIDENTIFICATION = 1 << 10;
    /// @dev To keep logs of every use and show them on request.
    uint32 internal constant KEEP_LOGS = 1 << 11;
    /// @dev To obtain the consent of the data subjects before use.
    uint32 internal constant OBTAIN_CONSENT = 1 << 12;
    /// @dev To accept that each use is metered and traced by technical means.
    uint32 internal constant ACCEPT_TRACKING = 1 << 13;
    /// @dev To show the data to none but those who need it for the granted purpose.
    uint32 internal constant KEEP_CONFIDENTIAL = 1 << 14;
    /// @dev All bits that have a meaning.
    uint32 internal constant ALL = uint32((1 << 15) - 1);
}

/// @notice How a grant comes about. It is a clause, so that a two-sided agreement cannot be filed
/// by one side.
enum Form {
    // The grantor alone issues it.
    ONE_SIDED,
    // Grantor and grantee both sign the same terms.
    TWO_SIDED,
    // One of several grants under one agreement; none is active until all are signed.
    JOINT
}

/// @notice The model contract that the terms follow.
enum Template {
    // No model contract.
    NONE,
    // The holder provides data to a user.
    PROVISION,
    // A processor handles the data on the principal's instructions and gains no right in it.
    ENTRUSTMENT,
    // Several contributors develop a product from their data together.
    FUSION,
    // An intermediary brings provider and user together for a fee.
    INTERMEDIARY,
    // A public body authorises an operator to develop public data.
    PUBLIC_OPERATION
}

/// @notice How broad an authorization of public data is.
enum Mode {
    // Not an authorization of public-data operation.
    NONE,
    // All data of the body at once.
    WHOLE,
    // The data of one field.
    FIELD,
    // The data that one scenario of use needs.
    SCENARIO
}

/// @notice Whether the grantee may grant further.
enum SubDelegation {
    // No sub-grant may be made.
    NONE,
    // Each sub-grant needs the grantor's consent.
    CONSENT,
    // Sub-grants within these terms need no further consent.
    FREE
}

/// @notice What a quota counts.
enum QuotaUnit {
    // Use is not counted.
    NONE,
    // Products made with the data.
    PRODUCT,
    // Services rendered with the data.
    SERVICE,
    // Seconds of metered use, added up.
    SECOND,
    // Calls of an interface.
    CALL,
    // Records delivered.
    ROW,
    // Bytes delivered.
    BYTE,
    // Runs of a computation on the data.
    RUN
}

/// @notice Who gets the rights in data derived under the grant.
enum DerivedRights {
    // The terms say nothing.
    NONE,
    // The grantor alone.
    GRANTOR,
    // The grantee alone.
    GRANTEE,
    // Grantor and grantee together.
    JOINT
}

/// @notice How the price is reckoned.
enum PriceModel {
    // The terms state no price.
    NONE,
    // Nothing is paid.
    FREE,
    // One amount for the whole grant.
    FIXED,
    // An amount for each unit of the quota used, up to the cap.
    METERED,
    // A fixed amount paid in parts at agreed times.
    INSTALMENT,
    // Data or services are given in return.
    BARTER
}

/// @notice The class of the data under the rules of data security.
enum SecurityClass {
    // Neither important nor core data.
    GENERAL,
    // Data whose leak or misuse may harm security, the economy, public health or order.
    IMPORTANT,
    // Data that bears on national security and the lifelines of the economy.
    CORE
}

/// @notice Where the data of a product comes from. It limits which rights can be registered in it.
enum Source {
    // The source is not stated.
    UNSPECIFIED,
    // Collected or generated in one's own activity.
    GENERATED,
    // Public data collected by automated means; OPERATE only where the product does not replace its
    // source.
    CRAWLED,
    // Obtained from another party by an agreement.
    AGREED,
    // Made of other data by a substantive change that adds value; the applicant needs USE in what
    // it is made of.
    DERIVED,
    // Made of the data of several parties together; OPERATE only by agreement or with the consent
    // of all.
    FUSED,
    // Processed for another party; the processor has no rights in it except by agreement.
    ENTRUSTED
}

/// @notice What was done with its sources to make a derived product.
enum Activity {
    // Substantive work on data that adds value, where none of the other words says it better.
    PROCESSING,
    // Data of several sources joined into one body that none of them could give alone.
    FUSION,
    // Records of different sources matched because they concern the same subject.
    LINKING,
    // Records summed up into figures about groups, places or periods.
    AGGREGATION,
    // Labels or notes added, by people or by machine, that leave the data itself as it was.
    ANNOTATION,
    // Errors corrected, gaps filled, duplicates taken out, values brought to one form.
    CLEANING,
    // Processed so that no person can be identified from it and the step cannot be undone.
    ANONYMISATION,
    // Processed so that no person can be identified without further information kept apart.
    DEIDENTIFICATION,
    // A part taken out by a rule: fields, features, places or periods.
    EXTRACTION,
    // A part taken out by chance that stands for the whole.
    SAMPLING,
    // Brought into another format, structure, projection or language with the same content.
    CONVERSION,
    // The parameters of a statistical or machine-learned model fitted on the data.
    MODEL_TRAINING,
    // The output of a model that was run on the data.
    INFERENCE,
    // Artificial records made to have the statistical properties of the data.
    SYNTHESIS
}

/// @notice What is noted on a product beside its registration.
enum AnnotationKind {
    // A court has seized it: no transfer, no retirement, no new grant, no use under a grant.
    SEIZURE,
    // A regulator controls it: no transfer, no retirement, no new grant, no use under a grant.
    CONTROL,
    // Its rights are disputed: no transfer and no new grant; what stands is flagged.
    DISPUTE,
    // A term or condition on the exercise of its rights, to be seen by all; it blocks nothing by
    // itself.
    LIMIT
}

/// @notice Why a grant was revoked or a party suspended.
enum Reason {
    // No reason is given.
    UNSPECIFIED,
    // The other side broke the terms.
    BREACH,
    // Both sides agreed to end it.
    CONSENT,
    // It was recorded by mistake.
    MISTAKE,
    // A law obliges the actor to.
    LEGAL_DUTY,
    // A court or competent authority ordered it.
    AUTHORITY,
    // Newer terms take its place.
    SUPERSEDED,
    // The grantee gives it up.
    RENOUNCED,
    // Going on would endanger security or people's interests.
    RISK,
    // Ownership or terms are in dispute.
    DISPUTE,
    // It rests on false or forged statements.
    FALSEHOOD,
    // A key of the party is in other hands.
    KEY_COMPROMISE,
    // The party's proof of identity is no longer valid.
    IDENTITY_INVALID,
    // The party no longer exists.
    PARTY_DISSOLVED,
    // The data is destroyed or lost.
    DATA_LOST,
    // What tied a private registration to its content was erased for good.
    ERASED
}
