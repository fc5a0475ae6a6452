// Asking before something is done that cannot be undone.

export interface Asked {
  readonly title?: string;
  readonly message: string;
  readonly confirmButtonText: string;
  readonly cancelButtonText: string;
}

/** Whether the officer says yes. */
export async function sure(asked: Asked): Promise<boolean> {
  const { showConfirmDialog } = await import("./dialog");
  return showConfirmDialog(asked).then(
    () => true,
    () => false,
  );
}
