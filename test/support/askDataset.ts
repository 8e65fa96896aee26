// A program that only waits for the dataset worker: node askDataset.js WORKER FILE prints the number of images.
import { DatasetClient } from '../../src/host/dataset/client';

const [script = '', path = ''] = process.argv.slice(2);
const client = new DatasetClient({ script });
void client.request('dataset/open', { path }).then(({ images }) => console.log(images));
