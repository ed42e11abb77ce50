package org.jbootd.files.remote;

/** Which copies of remote files outlive the process that made them. */
public enum Keeping {
    /** None. They have no names, so that the process takes them along when it ends, however it ends. */
    NOTHING,

    /** Those that others made are used; no more are kept, and none is deleted. For who only looks. */
    FOUND,

    /** All that are whole. */
    ALL
}
