package org.keyrotation.routes.schedule;

import org.keyrotation.model.CredentialId;

/**
 * A credential that the schedule looks after.
 *
 * @param listed whether the API's list of its company has it; else nobody asked the API yet
 * @param active as far as that list tells
 * @param excluded whether it is to be left alone
 */
record Target(CredentialId credential, boolean listed, boolean active, boolean excluded) {}
