package org.keyrotation.routes.publish;

/** The topics that outcomes go to. */
public record PublishSettings(String keysTopic, String failuresTopic) {}
