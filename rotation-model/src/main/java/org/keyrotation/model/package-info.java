/**
 * The messages of key-rotation: what is asked for, what came of it, and what the API answers.
 *
 * <pre>
 *  requests topic ──► RotationRequest ──► (rotation) ──► ClientKeyRotated ──► keys topic
 *                            │                │      └─► RotationFailed ────► failures topic
 *      unreadable: UnreadableRequestException │
 *                                             ▼
 *              Management API ──► GenerateClientKeyResponse, ApiCredential, ApiProblem
 * </pre>
 *
 * <p>Every record checks itself when it is made, and is read and written by one mapper, {@link
 * org.keyrotation.model.Json}. The JSON schemas and the AsyncAPI document are resources of this package.
 */
@NullMarked
package org.keyrotation.model;

import org.jspecify.annotations.NullMarked;
