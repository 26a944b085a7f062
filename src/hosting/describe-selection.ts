export { describeSelection } from '../contract.js';
