package org.jbootd.domain.client;

/** How far a machine has come: what kind of program sent the message. */
public enum BootStage {
    /** PXE firmware (option 60 {@code PXEClient}, or options 93, 94, 97). */
    FIRMWARE,
    /** UEFI HTTP boot firmware (option 60 {@code HTTPClient}). */
    HTTP_FIRMWARE,
    /** A boot loader that marks itself by user class {@code iPXE} (option 77). */
    BOOT_LOADER,
    /** An installer, an operating system, or anything that asks for an address only. */
    OPERATING_SYSTEM;

    /** True of those that ask for something to boot. */
    public boolean networkBoots() {
        return this != OPERATING_SYSTEM;
    }
}
