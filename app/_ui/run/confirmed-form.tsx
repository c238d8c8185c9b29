"use client";

import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";

interface ConfirmedFormProps {
  action: string;
  word: string;
  /** What the button says that does nothing. */
  stay: string;
  danger?: boolean;
  /** Why it cannot be done now. */
  unable?: string;
  icon: ReactNode;
  question: string;
  consequence: string;
}

/** A form that asks first. Without JavaScript the button posts at once. */
export function ConfirmedForm({
  action,
  word,
  stay,
  danger,
  unable,
  icon,
  question,
  consequence,
}: ConfirmedFormProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <form
        method="post"
        action={action}
        onSubmit={(event) => {
          event.preventDefault();
          setAsking(true);
        }}
      >
        <Button type="submit" variant="default" leftSection={icon} disabled={unable !== undefined} title={unable}>
          {word}
        </Button>
      </form>
      <Modal opened={asking} onClose={() => setAsking(false)} title={<b>{question}</b>} centered>
        <Text size="sm">{consequence}</Text>
        <form method="post" action={action}>
          <TextInput
            mt="sm"
            name="reason"
            label="Why (optional, kept in the audit)"
            maxLength={500}
            data-autofocus
            autoComplete="off"
          />
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={() => setAsking(false)}>
              {stay}
            </Button>
            <Button type="submit" color={danger ? "red.9" : undefined}>
              {word}
            </Button>
          </Group>
        </form>
      </Modal>
    </>
  );
}
