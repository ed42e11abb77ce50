package org.jbootd.domain.client;

/** How firmware is told what to boot, by the vendor class that it names (option 60). */
public enum BootProtocol {
    /** {@code PXEClient} (PXE 2.1 §2.2.1). */
    PXE,
    /** {@code HTTPClient} (UEFI 2.10 §24.7.3). */
    HTTP
}
