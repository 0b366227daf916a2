package org.keyrotation.sandbox;

/** Names a credential: ids of credentials are unique within their company only. */
record CredentialId(String companyId, String apiCredentialId) {}
