/**
 * The operator's page: for looking, not for acting.
 *
 * <pre>
 * GET ─► PageRoutes ─► PageParameters ─► Views ─► View ─► Responses: templates in src/main/jte ─► HTML
 *                                          ▲
 *                          TopicReader: FleetSnapshot, timelines, refreshed in the background
 * </pre>
 *
 * <p>It changes nothing and shows fingerprints only, so it has no login. Ids, reasons and details are strangers' text: the
 * templates escape them by context, and the content security policy allows no script but that of the page.
 *
 * <p>Public types: {@link org.keyrotation.app.page.PageRoutes} and {@link org.keyrotation.app.page.PageSettings}.
 */
@NullMarked
package org.keyrotation.app.page;

import org.jspecify.annotations.NullMarked;
