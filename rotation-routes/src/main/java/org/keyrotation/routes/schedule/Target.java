package org.keyrotation.routes.schedule;

import org.keyrotation.model.CredentialId;

/**
 * A credential of the schedule.
 *
 * @param named whether {@code rotation.schedule.targets} names it
 * @param listed whether the API's listing of its company includes it; otherwise its state is not known yet
 * @param active whether that listing says that it is active; true if it is not listed
 * @param excluded whether {@code rotation.schedule.exclude} matches it
 */
record Target(CredentialId credential, boolean named, boolean listed, boolean active, boolean excluded) {}
