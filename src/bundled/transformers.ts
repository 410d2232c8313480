/** What is used of transformers.js. The build puts its code into this module, so that no user installs the package. */
export { env, PreTrainedTokenizer } from "@huggingface/transformers";
