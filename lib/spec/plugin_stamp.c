/* SPDX-License-Identifier: MIT */
/*
 * The stamp is the first word of an object that has a name among the dynamic
 * symbols, and no relocation: in the file are the bytes that it will have.
 * Nothing that the file says of its own places is believed unlooked.
 */
#include "spec/plugin_stamp.h"

#include <elf.h>
#include <link.h>
#include <string.h>

struct object {
    const unsigned char *bytes;
    size_t length;
};

/* Copy what is `size` bytes at `at`; false where that is not in the file. */
static bool copy_out(const struct object *file, uint64_t at, void *to,
                     size_t size)
{
    if (at > file->length || size > file->length - at)
        return false;
    memcpy(to, file->bytes + at, size);
    return true;
}

static bool is_native(const ElfW(Ehdr) * head)
{
    ElfW(Ehdr) own = {.e_ident = {0}};
    const uint16_t one = 1;
    unsigned char low;

    memcpy(&low, &one, 1);
    memcpy(own.e_ident, ELFMAG, SELFMAG);
    own.e_ident[EI_CLASS] = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
    own.e_ident[EI_DATA] = low ? ELFDATA2LSB : ELFDATA2MSB;
    return memcmp(own.e_ident, head->e_ident, EI_DATA + 1) == 0 &&
           head->e_type == ET_DYN;
}

/* Section i's header. */
static bool section_at(const struct object *file, const ElfW(Ehdr) * head,
                       uint64_t i, ElfW(Shdr) * section)
{
    return i < head->e_shnum && head->e_shentsize == sizeof(*section) &&
           copy_out(file, head->e_shoff + i * sizeof(*section), section,
                    sizeof(*section));
}

/* The exported symbol of that name in a section of symbols. */
static bool find_symbol(const struct object *file, const ElfW(Shdr) * symbols,
                        const ElfW(Shdr) * names, const char *name,
                        ElfW(Sym) * symbol)
{
    size_t length = strlen(name) + 1;

    for (uint64_t at = 0; at + sizeof(*symbol) <= symbols->sh_size;
         at += sizeof(*symbol)) {
        uint64_t where;

        if (!copy_out(file, symbols->sh_offset + at, symbol, sizeof(*symbol)))
            return false;
        where = names->sh_offset + symbol->st_name;
        if (symbol->st_shndx != SHN_UNDEF && where <= file->length &&
            length <= file->length - where &&
            memcmp(file->bytes + where, name, length) == 0)
            return true;
    }
    return false;
}

static bool find_dynamic(const struct object *file, const ElfW(Ehdr) * head,
                         const char *name, ElfW(Sym) * symbol)
{
    ElfW(Shdr) symbols, names;

    for (uint64_t i = 0; section_at(file, head, i, &symbols); i++)
        if (symbols.sh_type == SHT_DYNSYM)
            return section_at(file, head, symbols.sh_link, &names) &&
                   find_symbol(file, &symbols, &names, name, symbol);
    return false;
}

/* The word that is to lie at an address. Behind a segment's bytes all is 0. */
static bool word_at(const struct object *file, const ElfW(Ehdr) * head,
                    uint64_t address, unsigned *word)
{
    for (uint64_t i = 0; i < head->e_phnum; i++) {
        ElfW(Phdr) segment;

        if (head->e_phentsize != sizeof(segment) ||
            !copy_out(file, head->e_phoff + i * sizeof(segment), &segment,
                      sizeof(segment)))
            return false;
        if (segment.p_type != PT_LOAD || address < segment.p_vaddr ||
            address - segment.p_vaddr >= segment.p_memsz)
            continue;
        address -= segment.p_vaddr;
        *word = 0;
        return address >= segment.p_filesz ||
               copy_out(file, segment.p_offset + address, word, sizeof(*word));
    }
    return false;
}

const char *csi_plugin_stamp(const unsigned char *file, size_t length,
                             unsigned *abi)
{
    struct object object = {file, length};
    ElfW(Ehdr) head;
    ElfW(Sym) symbol;

    if (!copy_out(&object, 0, &head, sizeof(head)) || !is_native(&head))
        return "is no shared object of this machine";
    if (!find_dynamic(&object, &head, "cosend_plugin", &symbol) ||
        !word_at(&object, &head, symbol.st_value, abi))
        return "exports no cosend_plugin";
    return NULL;
}
