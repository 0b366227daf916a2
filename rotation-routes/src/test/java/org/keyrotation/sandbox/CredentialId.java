package org.keyrotation.sandbox;

/** The identity of a credential. An {@code apiCredentialId} is unique only within its company. */
record CredentialId(String companyId, String apiCredentialId) {}
