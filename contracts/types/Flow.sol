// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// Generated from registry/vocabulary/flow.json by scripts/gen_flow.py. Do not edit.

/// @notice What a case asks for.
enum CaseKind {
    // The first registration of a product.
    INITIAL,
    // A change of what is recorded, never of the holder or the major source.
    CHANGE,
    // The correction of a mistake in the record.
    CORRECTION,
    // Rights move to another party, and the transferor keeps none of them.
    TRANSFER,
    // A longer validity, asked for in a window before its end.
    RENEWAL,
    // The registration ends at its holder's wish.
    CANCELLATION
}

/// @notice Where a case stands.
enum Stage {
    // No case is open.
    NONE,
    // Written down and not yet submitted.
    DRAFT,
    // With the registrar, who accepts it, returns it or does not accept it.
    SUBMITTED,
    // Back with the applicant, with one list of all corrections.
    RETURNED,
    // Accepted: the registrar reviews it.
    ACCEPTED,
    // The review waits for material from the applicant.
    SUPPLEMENTING,
    // Shown to the public, who may object.
    PUBLICISED,
    // At least one objection is open.
    OBJECTED,
    // The case ended with what it asked for; the product is registered.
    REGISTERED,
    // The registrar did not take the case.
    NOT_ACCEPTED,
    // The review ended with a refusal.
    REFUSED,
    // An objection was upheld.
    TERMINATED,
    // The applicant withdrew the case.
    WITHDRAWN,
    // The applicant let a time limit pass: the case counts as never filed.
    LAPSED
}

/// @notice What may be done with a case.
enum Act {
    // Write an application down without submitting it.
    DRAFT,
    // File the case with a registrar.
    SUBMIT,
    // Take the case up for review.
    ACCEPT,
    // Send it back once, with the list of all corrections and a time limit.
    RETURN,
    // Decline to take the case.
    NOT_ACCEPT,
    // Hand it in again, corrected.
    RESUBMIT,
    // Take the application back.
    WITHDRAW,
    // Give the review more time.
    EXTEND,
    // Ask for more material, with a time limit.
    ASK,
    // Hand in the material asked for.
    SUPPLEMENT,
    // Show registrant, type, name and summary to the public.
    PUBLICISE,
    // Do without publicity, with a cause.
    WAIVE,
    // Object, with evidence.
    OBJECT,
    // Find for the objection.
    UPHOLD,
    // Find against the objection.
    REJECT,
    // End the review with a refusal.
    REFUSE,
    // Enter what was asked for in the record.
    REGISTER,
    // Agree, as a co-holder or as the party to whom rights move.
    CONCUR,
    // Record that the sides settled the objection.
    SETTLE,
    // Point the sides to arbitration or a court.
    REFER,
    // End the registration: loss, waiver, dissolution, an objection's result, lapse.
    CANCEL,
    // Undo the registration: falsehood, tampering, misuse.
    REVOKE,
    // Move rights as a court or arbitrator decided.
    AWARD,
    // The registrar was silent: it counts as accepted.
    DEEM_ACCEPTED,
    // The applicant's time limit passed.
    LAPSE
}

/// @notice Who acts, as a mask: a party may be several at once.
library Actor {
    /// @dev The party that filed the case.
    uint8 internal constant APPLICANT = 1 << 0;
    /// @dev A holder of the product.
    uint8 internal constant HOLDER = 1 << 1;
    /// @dev The party to whom rights move, or a co-holder whose consent is needed.
    uint8 internal constant COUNTERPARTY = 1 << 2;
    /// @dev The registrar of the case.
    uint8 internal constant REGISTRAR = 1 << 3;
    /// @dev Any enrolled party, even a suspended one where it objects.
    uint8 internal constant ANYONE = 1 << 4;
    /// @dev Time itself: computed on read, nobody acts.
    uint8 internal constant CLOCK = 1 << 5;
}

/// @notice Time limits, in working days where nothing else is said.
library Limit {
    /// @dev From the submission or resubmission.
    uint8 internal constant PROPERTY_ACCEPTANCE = 3;
    /// @dev From the submission or resubmission.
    uint8 internal constant PUBLIC_ACCEPTANCE = 3;
    /// @dev From the return; the registrar says how long. At least.
    uint8 internal constant CORRECTION_LEAST = 1;
    /// @dev At most.
    uint8 internal constant CORRECTION_MOST = 30;
    /// @dev From the question; the registrar says how long. At least.
    uint8 internal constant SUPPLEMENT_LEAST = 1;
    /// @dev At most.
    uint8 internal constant SUPPLEMENT_MOST = 30;
    /// @dev From acceptance, without the time of supplement, publicity and objections.
    uint8 internal constant PROPERTY_REVIEW = 10;
    /// @dev From acceptance, without the time of supplement, publicity and objections.
    uint8 internal constant PUBLIC_REVIEW = 20;
    /// @dev By how much the time may be made longer, once, at most.
    uint8 internal constant PROPERTY_EXTENSION = 10;
    /// @dev From the start of publicity.
    uint8 internal constant PROPERTY_PUBLICITY = 5;
    /// @dev From the start of publicity.
    uint8 internal constant PUBLIC_PUBLICITY = 10;
    /// @dev For each objection, from its filing in publicity.
    uint8 internal constant PROPERTY_OBJECTION = 10;
    /// @dev For each objection, from its filing in publicity.
    uint8 internal constant PUBLIC_OBJECTION = 10;
    /// @dev For each objection after registration, from its filing.
    uint8 internal constant PROPERTY_NOTICE = 5;
    /// @dev For each objection after registration, from its filing.
    uint8 internal constant PUBLIC_NOTICE = 5;
    /// @dev A registration is valid for at most so many years.
    uint8 internal constant PROPERTY_VALIDITY_YEARS = 5;
    /// @dev A registration is valid for at most so many years.
    uint8 internal constant PUBLIC_VALIDITY_YEARS = 3;
    /// @dev A renewal may be asked for in so many months before the end.
    uint8 internal constant PROPERTY_RENEWAL_MONTHS = 6;
    /// @dev A renewal may be asked for in so many days before the end.
    uint8 internal constant PUBLIC_RENEWAL_DAYS = 60;
}
