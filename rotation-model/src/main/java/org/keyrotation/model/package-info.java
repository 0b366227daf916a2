/**
 * The messages of key-rotation as Java records: rotation requests, their outcomes, and the responses of Adyen's Management
 * API.
 *
 * <pre>
 *  requests topic ─► RotationRequest ─► rotation ─┬─► ClientKeyRotated ─► keys topic
 *                       │                │   ▲    ├─► RequestSatisfied ─► satisfied topic
 *                       │                │   │    └─► RotationFailed ───► failures topic
 *                       │                ▼   │               ▲
 *                       │           Management API           │
 *                       └─► UnreadableRequestException ──────┘
 *
 *  consumers ─► KeyAcknowledgement ─► acknowledgements topic
 *  schedule ─► RotationPlan, of PlannedRotations ─► RotationRequest
 *  Management API ─► GenerateClientKeyResponse, ApiCredential, ApiCredentialPage, ApiProblem
 * </pre>
 *
 * <ul>
 *   <li>Requests: {@link org.keyrotation.model.RotationRequest}, {@link org.keyrotation.model.RequestSource}, {@link
 *       org.keyrotation.model.RequestState}.
 *   <li>Outcomes: {@link org.keyrotation.model.RotationEvent}, which is a {@link org.keyrotation.model.ClientKeyRotated}, a
 *       {@link org.keyrotation.model.RequestSatisfied}, or a {@link org.keyrotation.model.RotationFailed} with its {@link
 *       org.keyrotation.model.FailureCode}.
 *   <li>Acknowledgements of consumers: {@link org.keyrotation.model.KeyAcknowledgement}.
 *   <li>Documents of the command line: {@link org.keyrotation.model.StatusReport}, {@link
 *       org.keyrotation.model.FailuresReport}, {@link org.keyrotation.model.RequestsReport}, {@link
 *       org.keyrotation.model.PlanReport}, {@link org.keyrotation.model.PauseReport}, {@link
 *       org.keyrotation.model.CheckReport}.
 *   <li>Values: {@link org.keyrotation.model.CredentialId}, and {@link org.keyrotation.model.ClientKey}, which never prints
 *       the key.
 * </ul>
 *
 * <p>Each record validates its fields in its constructor. One mapper, {@link org.keyrotation.model.Json}, reads and writes
 * all of them. The JSON schemas and the AsyncAPI document are resources of this package.
 */
@NullMarked
package org.keyrotation.model;

import org.jspecify.annotations.NullMarked;
