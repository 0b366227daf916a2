/**
 * Adoption: who has the new key before the old one stops working.
 *
 * <pre>
 * acknowledgements topic ─► Acknowledgements (memory) ─┐
 * offsets of consumer groups ─► GroupOffsets ──────────┼─► KeyAdoption ─► status, metrics, log lines
 * ledger: the current key and where its record is ─────┘
 * </pre>
 *
 * <p>It only informs: no rotation and no revocation follows from it.
 *
 * <p>Public types: {@link org.keyrotation.routes.adoption.AdoptionRoutes}, {@link
 * org.keyrotation.routes.adoption.KeyAdoption} for the status of a credential, {@link
 * org.keyrotation.routes.adoption.AdoptionSettings} with its {@link org.keyrotation.routes.adoption.ExpectedConsumers}.
 */
@NullMarked
package org.keyrotation.routes.adoption;

import org.jspecify.annotations.NullMarked;
