/** What is used of ONNX Runtime. The build puts its code into this module and its libraries next to it. */
export { InferenceSession, Tensor } from "onnxruntime-node";
