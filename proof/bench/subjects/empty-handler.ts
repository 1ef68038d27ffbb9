/** What a Lambda function costs that does nothing. */
export const handler = async (): Promise<void> => {};
