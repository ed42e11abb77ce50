package org.jbootd.domain.client;

/**
 * What a machine chose from a boot menu (PXE 2.1 §2.2.5, option 43.71).
 *
 * @param type of the boot server, 0 to 65535; 0 is the bootstrap server
 * @param layer which part of a boot file that comes in several; 0 is the first, the highest bit asks for credentials
 */
public record BootItem(int type, int layer) {

    public BootItem {
        if (type < 0 || type > 0xffff || layer < 0 || layer > 0xffff) {
            throw new IllegalArgumentException("type and layer are 0 to 65535, not " + type + " and " + layer);
        }
    }
}
