import './no-jit.ts';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import { createClient } from '../shared/contract/client.ts';
import App from './App.vue';
import { setCore } from './api/core.ts';
import { openLink } from './api/link.ts';
import { useNotices } from './stores/notices.ts';
import { usePlace } from './stores/place.ts';
import { startSession } from './stores/session.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';

const client = createClient(openLink());
setCore(client);

const app = createApp(App).use(createPinia());
app.config.errorHandler = (thrown) => { useNotices().report(thrown); };
window.addEventListener('unhandledrejection', (event) => { useNotices().report(event.reason); });
usePlace().follow();
app.mount('#app');
void startSession(client);
